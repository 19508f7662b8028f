/** What customers write to a service about, as classes are called and as messages say it. */
interface ServiceTopic {
  /** Names of classes that mean this topic. */
  readonly named: RegExp;
  /** What messages of the topic say. */
  readonly said: RegExp;
}

/**
 * Topics that hold for any shop or service, English and Chinese. Classes are often called by a trade's word ("after sales") that no
 * customer uses.
 */
export const SERVICE_TOPICS: readonly ServiceTopic[] = [
  {
    named: /after[- ]?sales?|returns?\b|refund|warrant|repair|售后|退货|退款|退换|保修|维修/i,
    said: /\b(?:return(?:s|ed|ing)?|refund\w*|money back|send (?:it|this|them|\w+ \w+) back|exchange|warrant\w*|guarantee|repair\w*|broke[n]?|broken|damaged|faulty|defective|cracked|stopped working|does ?n[o']t work|replacement|wrong (?:item|size|colou?r))\b|退货|退款|退掉|退换|退钱|换货|换一个|保修|质保|维修|坏了|坏的|破损|碎了|裂了|不工作|失灵|修理|发错/i,
  },
  {
    named: /how to use|usage|use of|using|manual|instruction|user guide|使用|用法|操作|教程|说明书/i,
    said: /\bhow (?:do|can|should|would) (?:i|we|you) (?!return|pay|cancel|order|buy|contact|get (?:my|a) (?:money|refund))|\bhow to\b|\b(?:set ?up|install\w*|connect\w*|pair\w*|clean\w*|charge it|turn (?:it )?(?:on|off)|settings?|instructions?|manual)\b|怎么用|如何使用|怎么(?:安装|连接|清洗|设置|打开|关闭|充电|操作|更换)|如何(?:安装|连接|清洗|设置|打开|操作|更换)|说明书|教程|用法/i,
  },
  {
    named:
      /\b(?:pre[- ]?)?sales\b(?<!after[- ]?sales)|purchas|buying|product (?:info|enquir|inquir|recommend)|price|pricing|售前|销售|购买|选购|价格|产品咨询|推荐/i,
    said: /\b(?:buy|buying|purchase|price[sd]?|pricing|how much|cost|costs|discount\w*|coupon|voucher|promotion|in stock|available|recommend\w*|which (?:one|model|size|plan)|difference between|compare|quote|demo|trial|upgrade plan)\b|多少钱|价格|报价|优惠|折扣|打折|有货|现货|推荐|哪款|哪个型号|想买|购买|想要买|选购|试用|对比/i,
  },
  {
    named: /order|shipping|delivery|logistic|shipment|parcel|tracking|订单|物流|快递|发货|配送|送货/i,
    said: /\b(?:order(?:s|ed)?|parcel|package|deliver\w*|shipping|shipped|shipment|courier|track\w*|arrive[ds]?|on its way|dispatch\w*)\b|订单|物流|快递|包裹|发货|配送|送到|到货|还没到|没收到|单号/i,
  },
  {
    named: /account|login|log ?in|sign ?in|password|profile|registration|账户|账号|帐号|登录|密码|注册/i,
    said: /\b(?:account|log ?(?:in|on)|logged (?:in|out)|sign ?(?:in|up)|password|username|user name|profile|two[- ]factor|2fa|verification code|locked out|register)\b|账户|账号|帐号|登录|登陆|密码|验证码|注册|注销/i,
  },
  {
    named: /billing|payment|invoice|finance|charges?|账单|付款|支付|发票|财务|费用|计费/i,
    said: /\b(?:invoice\w*|bill(?:s|ed|ing)?|charged|charge (?:me|my)|pay(?:ment|ments|ing)?|paid|credit card|receipt|vat|tax|subscription fee|direct debit|bank)\b|发票|账单|付款|支付|扣款|扣费|收费|银行卡|信用卡|报销|税/i,
  },
  {
    named:
      /technical|tech support|troubleshoot|\bit (?:support|help|desk|service|department)|help ?desk|bug|fault|error|技术|故障|报错|排查/i,
    said: /\b(?:error\w*|bugs?|crash\w*|freez\w*|frozen|hangs?|not (?:loading|responding|working|connecting|syncing)|wo ?n[o']t (?:load|start|open|connect|turn on|sync)|does ?n[o']t (?:load|start|open|connect|turn on|sync)|slow|api|wi-?fi|network|vpn|driver|firmware|laptop|printer|screen|install\w*|blue screen|outlook|software)\b|报错|错误|崩溃|闪退|卡死|死机|连不上|打不开|无法(?:连接|打开|启动|加载|登录)|网络|固件|驱动|接口|安装失败|蓝屏|打印机|电脑/i,
  },
  {
    named: /complain|feedback|dissatisf|suggestion|投诉|意见|反馈|建议/i,
    said: /\b(?:complain\w*|unacceptable|terrible|awful|disappointed|angry|rude|worst|fed up|unhappy|ridiculous|feedback|suggest\w*)\b|投诉|太差|差评|生气|失望|态度|不满|意见|建议|垃圾/i,
  },
  {
    named: /human|live agent|real person|representative|transfer|人工|转接|真人/i,
    said: /\b(?:human|real person|live agent|representative|speak (?:to|with)|talk (?:to|with)|operator|someone from)\b|人工|真人|转接|客服人员/i,
  },
  {
    named: /greeting|small ?talk|chit-?chat|casual|闲聊|问候|打招呼|寒暄/i,
    said: /^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?|thank you|how are you|bye|who are you)\b.{0,25}$|^(?:你好|您好|嗨|早上好|下午好|晚上好|谢谢|多谢|再见|在吗|你是谁)/i,
  },
  {
    named: /cancel|unsubscri|terminat|取消|退订|解约/i,
    said: /\b(?:cancel\w*|unsubscribe|terminate|stop my|end my (?:plan|subscription|contract))\b|取消|退订|解约|不想要了|停掉/i,
  },
  {
    named: /appointment|booking|reservation|schedul|预约|预订|挂号/i,
    said: /\b(?:book(?:ing)?|reserv\w*|appointment|reschedule|schedule|slot|table for)\b|预约|预订|改期|订位|挂号/i,
  },
  {
    named: /human resources|\bhr\b|leave|payroll|salary|人事|请假|薪资|工资|考勤/i,
    said: /\b(?:holiday|annual leave|sick leave|payslip|payroll|salary|maternity|parental leave|days off|overtime)\b|请假|年假|病假|工资|薪水|加班|社保|考勤/i,
  },
  {
    named: /health|medical|disease|symptom|健康|疾病|医疗|症状/i,
    said: /\b(?:headache|fever|pain|sleep|diet|blood pressure|doctor|symptom\w*|cough|vitamin\w*|ill|sick)\b|头疼|头痛|发烧|睡眠|失眠|饮食|血压|医生|症状|咳嗽|减肥|感冒|生病/i,
  },
];
